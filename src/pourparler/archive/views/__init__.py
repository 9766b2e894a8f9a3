"""Views of a process: each module makes one from a chronicle; rows say which words they rest on."""
