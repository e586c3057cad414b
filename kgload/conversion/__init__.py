"""The stage that turns articles into quads, and the engines that run it for many."""
