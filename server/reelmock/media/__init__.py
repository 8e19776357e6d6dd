"""Everything that draws, and everything that runs ffmpeg. Open `renderer` first."""
