"""Word and PowerPoint files from before 2007: records in an OLE container."""
