"""What a request may connect to, and how much of an answer is taken. All downloads of the crawler pass here."""
