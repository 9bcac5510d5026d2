"""Pages whose text runs together: several articles and their lists without markup."""
