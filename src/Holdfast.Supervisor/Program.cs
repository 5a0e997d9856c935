using Holdfast.Supervisor;

return CommandLine.Run(args, Console.Out, Console.Error);
