"""The desk as people of each role use it: finding parcels, their sheet, plans of a day, owners, extracts."""
