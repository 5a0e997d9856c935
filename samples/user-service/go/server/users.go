package main

import (
	"context"
	"io"
	"sort"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "acme/userpb"
)

// users is the service itself: what the .proto says, and nothing of wires.
type users struct {
	pb.UnimplementedUserServiceServer
	// stopping is closed when the server begins to stop.
	stopping <-chan struct{}
}

var known = map[string]*pb.UserResponse{
	"ada": {Name: "Ada", Age: 36},
	"bob": {Name: "Bob", Age: 41},
	"cid": {Name: "Cid", Age: 43},
}

func (u *users) GetUser(_ context.Context, request *pb.UserRequest) (*pb.UserResponse, error) {
	return find(request)
}

func (u *users) SumAges(call pb.UserService_SumAgesServer) error {
	sum := &pb.SumAgesResponse{}
	for {
		request, err := call.Recv()
		if err == io.EOF {
			return call.SendAndClose(sum)
		}
		if err != nil {
			return err
		}
		user, err := find(request)
		if err != nil {
			return err
		}
		sum.Users++
		sum.Years += user.Age
	}
}

func (u *users) ListUsers(request *pb.ListUsersRequest, call pb.UserService_ListUsersServer) error {
	if headers, ok := metadata.FromIncomingContext(call.Context()); ok {
		call.SetTrailer(metadata.MD{"request-id": headers.Get("request-id")})
	}
	ids := make([]string, 0, len(known))
	for id := range known {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		if err := call.Send(known[id]); err != nil {
			return err
		}
	}
	if !request.Follow {
		return nil
	}

	// Nobody comes here; a service with a database would wait for its changes. A server that stops does not wait for a call without an end.
	select {
	case <-call.Context().Done():
		return status.FromContextError(call.Context().Err()).Err()
	case <-u.stopping:
		return status.Error(codes.Unavailable, "the server is stopping")
	}
}

func (u *users) LookUp(call pb.UserService_LookUpServer) error {
	for {
		request, err := call.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := call.Send(&pb.LookUpResponse{UserId: request.UserId, User: known[request.UserId]}); err != nil {
			return err
		}
	}
}

func find(request *pb.UserRequest) (*pb.UserResponse, error) {
	if user, ok := known[request.UserId]; ok {
		return user, nil
	}
	return nil, status.Errorf(codes.NotFound, "there is no user %s", request.UserId)
}
