"""Starting and running the system."""
