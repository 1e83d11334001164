"""What is put on the body: places in words, regions, muscles, bones, zones of pain, and the way to other bodies."""
