"""What is in the values of a record: texts, numbers, JSON and the beginnings of long texts."""
