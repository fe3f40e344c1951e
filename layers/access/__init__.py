"""Who may: readers and the one place where rights are decided. Doors: Reader, PUBLIC, require_*. Any room above may call."""
