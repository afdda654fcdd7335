"""What Phrase TMS keeps. Times are epoch seconds of simulated time."""
