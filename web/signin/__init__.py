"""Sign-in with OpenID Connect: whom a file names as providers, the exchange with them, and the sessions that follow."""
