"""`python -m bridge` is `xmlsocket-bridge`."""

import sys

from bridge.cli import main

sys.exit(main())
