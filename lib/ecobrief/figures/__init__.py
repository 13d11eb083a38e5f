"""What notebooks show: chart records with their renderings, tables, headlines, sentences and sources.

    figures.chart(Chart("series", …))      a chart, drawn in JupyterLab and on our pages
    figures.table("…", columns, rows, …)   beside it: headline, sentence, sources

`rows` holds the rule that every number leads back to its print; `chart` the record, `axes` and `theme` what
every rendering of it shares, `draw` the plotly rendering; `display` what a cell hands to the page.
"""

from ecobrief.figures.axes import period_span
from ecobrief.figures.chart import Chart, Mark, as_table
from ecobrief.figures.display import Display, chart, headline, sentence, sources, table
from ecobrief.figures.rows import Column, Row

__all__ = [
    "Chart",
    "Column",
    "Display",
    "Mark",
    "Row",
    "as_table",
    "chart",
    "headline",
    "period_span",
    "sentence",
    "sources",
    "table",
]
