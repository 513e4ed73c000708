"""`python -m rehearsal STACK [STACK ...]`: a former name of `hybridge rehearse`, and of `hybridge diff` and `serve`."""

import sys

from cli.former import rehearsal

if __name__ == "__main__":
    sys.exit(rehearsal())
