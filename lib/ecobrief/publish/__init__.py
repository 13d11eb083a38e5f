"""From executed notebooks to the pages people keep: HTML files, an index, a manifest.

`page` makes one page, `batch` runs many notebooks and writes their pages, `portal` and `manifest` are about
the whole. Nothing here knows an indicator or a city: a notebook hands over displays (`display`); they are
shown.
"""
