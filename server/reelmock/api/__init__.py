"""The provider's wire."""
