"""Paper and shared maps: what a parcel becomes on a sheet.

Doors: `fact_sheet.fact_sheet` (what may be done here, theme by theme, on a day), `issue.issue_extract` and
`issue.verify` (numbered, signed extracts), `pdf.render_pdf` (their paper), `plan_paper` (the fact sheet's), `prefill`
(the sheet to fill a procedure from), `canonical` (their bytes), `shared_map.shared_map` (a selection as one HTML file).
Faces call these; nothing here knows a request or an address.
"""
