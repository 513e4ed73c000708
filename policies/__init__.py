"""The policy pack of Hybridge: `pulumi up --policy-pack policies`."""
