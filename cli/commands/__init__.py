"""One module per command: its arguments, and what it does with the floors below.

Heavy modules (moto, pulumi, boto3) are imported inside the functions: nobody waits a second for them to read a usage error,
the help or a completion.
"""
