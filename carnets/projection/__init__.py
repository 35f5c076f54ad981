"""What the evidence of one carnet adds up to (`facts`), how its pairs lie along the plan (`alignment`), what is carried
from stamp to stamp (`walk`, with `seals`, `units`, `cargo`), and how that is written (`writing`, `bearing`).

Pure but for the last two. Whether a stamp may be made is judged one floor up; what the records come to, in
`reconciliation`.
"""
