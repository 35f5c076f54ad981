"""The pages people work on: server-rendered, readable without JavaScript, quicker with it. See readme.md."""
