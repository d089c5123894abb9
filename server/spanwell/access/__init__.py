"""Who may come in: tokens, one-time codes, and which hosts are this machine."""
