"""Standards as data with small functions: the air quality index (`air`) and surface-water classes (`water`).

Limits and rules lie beside the code as CSV, each with its clause, or with a remark that the clause is not at hand
(`tables`). Nothing here is computed in binary floats.
"""
