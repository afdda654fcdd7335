"""What has changed since the manifest was written, and what a run does about it."""
