"""Who may come in, and who did: groups of readers, ended sign-ins, where the app listens, the log of use."""
