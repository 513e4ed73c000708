"""What the Pulumi CLI starts: a provider that makes the components, on a port that it prints."""

import sys

from pulumi.provider import main

from plugin.host import Host

if __name__ == "__main__":
    main(Host(), sys.argv[1:])
