"""Projects and jobs of Phrase TMS: found or created once, compared with files, cancelled."""
