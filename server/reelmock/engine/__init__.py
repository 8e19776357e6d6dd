"""The background hand: it ticks and renders."""
