"""What the rehearsal of this program needs beside Hybridge's own tables."""
