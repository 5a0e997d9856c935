using Google.Protobuf.Reflection;
using Grpc.Reflection.V1;

namespace Holdfast.Rpc.Reflection;

/// <summary>One client's questions: it knows which files that client has had.</summary>
internal sealed class ReflectionStream(DescriptorIndex index)
{
    private readonly HashSet<string> sent = new(StringComparer.Ordinal);

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new() { Service = { index.Services.Select(name => new ServiceResponse { Name = name }) } };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Send(response, index.File(request.FileByFilename), $"the file {request.FileByFilename}");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Send(response, index.Symbol(request.FileContainingSymbol), $"the symbol {request.FileContainingSymbol}");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                var asked = request.FileContainingExtension;
                Send(response, index.Extension(asked.ContainingType, asked.ExtensionNumber), $"an extension {asked.ExtensionNumber} of {asked.ContainingType}");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                SendNumbers(response, request.AllExtensionNumbersOfType);
                break;
            default:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "the request asks for nothing");
                break;
        }

        return response;
    }

    private void Send(ServerReflectionResponse response, FileDescriptor? file, string what)
    {
        if (file is null)
        {
            response.ErrorResponse = Error(StatusCode.NotFound, $"this server does not know {what}");
            return;
        }

        response.FileDescriptorResponse = new();
        foreach (var needed in DescriptorIndex.Closure(file))
        {
            // The file itself is the answer, even when it is asked for again.
            if (sent.Add(needed.Name) || needed == file) response.FileDescriptorResponse.FileDescriptorProto.Add(needed.SerializedData);
        }
    }

    private void SendNumbers(ServerReflectionResponse response, string type)
    {
        if (index.ExtensionNumbers(type) is { } numbers) response.AllExtensionNumbersResponse = new() { BaseTypeName = type, ExtensionNumber = { numbers } };
        else response.ErrorResponse = Error(StatusCode.NotFound, $"this server does not know the message {type}");
    }

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };
}
