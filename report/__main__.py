"""`python -m report STACK [STACK ...]`: a former name of `hybridge report`."""

import sys

from cli.former import report

if __name__ == "__main__":
    sys.exit(report())
