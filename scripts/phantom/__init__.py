"""The invented patient of the demo disc: bodies as formulas, and the pictures a scanner would make of them. No real person went in."""
