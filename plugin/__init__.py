"""The five components for programs in other languages: what `pulumi package add` finds in this folder."""
