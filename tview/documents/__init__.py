"""Reports, documents, overlays and waveforms as something to read."""
