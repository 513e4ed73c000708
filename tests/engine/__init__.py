"""The real Pulumi engine on the emulated account. Without the Pulumi CLI on PATH these tests are skipped."""
