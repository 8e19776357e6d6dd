"""FACE: pages for a person, under `/_reelmock/ui`."""
