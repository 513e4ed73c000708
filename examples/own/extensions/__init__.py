"""Operations of AWS that the emulator lacks, a module per service."""
