import CommandSupport

runTool(SaveCommand.self)
