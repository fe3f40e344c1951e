"""Who may: readers, memberships, and the one place where rights are decided; the only door to personal data.

Doors: `reader` (Reader, PUBLIC, require…), `people` (reader_of), `personal` (owners, masked unless a purpose is given),
`log` and `unusual` (who looked), `sign_in` (with its brake), `database` (what the server's own role may).
Any room above may call.
"""
