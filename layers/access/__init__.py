"""Who may: readers, and the one place where rights are decided. Any room above may call."""
