import CommandSupport

runTool(ManifestCommand.self)
