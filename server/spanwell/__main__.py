"""`python -m spanwell` is `spanwell`."""

from .cli import main

raise SystemExit(main())
