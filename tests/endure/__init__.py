"""Endurance: commands killed, starved and raced against each other, and what must hold after that."""
