"""The registers by program: entering, changing, ending, and four eyes."""
