"""Claims against a guarantor (art. 8, 11), in the order of the law.

`steps` has what customs and associations do, `rules` what is judged before a demand, `windows` the clocks, `documents`
the papers. Nothing is imported here: deadlines and notices ask `windows` alone.
"""
