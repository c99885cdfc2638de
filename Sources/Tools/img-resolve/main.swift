import CommandSupport

runTool(ResolveCommand.self)
