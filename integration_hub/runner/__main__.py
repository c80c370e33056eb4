"""`python -m integration_hub.runner <command>`."""

import sys

from integration_hub.runner.commands import main

sys.exit(main(sys.argv[1:]))
