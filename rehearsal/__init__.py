"""The rehearsal: deploy a Pulumi program, unmodified, into an AWS account emulated in this process."""
