"""The batch lane: any number of targets, each exported, written and delivered as soon as it is ready."""
