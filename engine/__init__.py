"""The real Pulumi engine on the emulated AWS: a provider over the rehearsal's table, an account that outlives a command."""
