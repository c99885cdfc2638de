import CommandSupport

runTool(TarCommand.self)
