using Google.Protobuf;
using Holdfast.Rpc.Generator;

// protoc starts a plugin, writes one request to it and reads one answer; what is wrong with a .proto is part of the answer.
using var input = Console.OpenStandardInput();
using var output = Console.OpenStandardOutput();
if (args.Length > 0)
{
    Console.Error.WriteLine("protoc-gen-holdfast is a plugin of protoc and takes no arguments: protoc --plugin=protoc-gen-holdfast=PATH --holdfast_out=DIR FILE.proto");
    return 2;
}

Generation.Run(GenerateRequest.Parser.ParseFrom(input)).WriteTo(output);
return 0;
