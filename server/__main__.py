"""`python -m server` is `spanwell`."""

from .cli import main

raise SystemExit(main())
