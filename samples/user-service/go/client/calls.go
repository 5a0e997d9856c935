package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "acme/userpb"
)

// patience: none of the calls waits for ever.
const patience = 30 * time.Second

// calls are in their order, each with what it says when all is well.
var calls = []struct {
	call     func(pb.UserServiceClient) (string, error)
	expected string
}{
	{getUser, "GetUser: Ada is 36"},
	{getUnknown, "GetUser: NOT_FOUND, there is no user eve"},
	{sumAges, "SumAges: 3 users, 120 years"},
	{listUsers, "ListUsers: Ada, Bob, Cid; request-id 4711 came back"},
	{lookUp, "LookUp: ada is 36, eve is nobody, cid is 43"},
	{follow, "ListUsers: DEADLINE_EXCEEDED while it followed"},
}

func getUser(users pb.UserServiceClient) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	user, err := users.GetUser(ctx, &pb.UserRequest{UserId: "ada"})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("GetUser: %s is %d", user.Name, user.Age), nil
}

func getUnknown(users pb.UserServiceClient) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	user, err := users.GetUser(ctx, &pb.UserRequest{UserId: "eve"})
	if status.Code(err) == codes.NotFound {
		return "GetUser: NOT_FOUND, " + status.Convert(err).Message(), nil
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("GetUser: %s is %d", user.Name, user.Age), nil
}

func sumAges(users pb.UserServiceClient) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	call, err := users.SumAges(ctx)
	if err != nil {
		return "", err
	}
	for _, id := range []string{"ada", "bob", "cid"} {
		// The status of a call that is over is for CloseAndRecv.
		if call.Send(&pb.UserRequest{UserId: id}) != nil {
			break
		}
	}
	sum, err := call.CloseAndRecv()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("SumAges: %d users, %d years", sum.Users, sum.Years), nil
}

func listUsers(users pb.UserServiceClient) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	call, err := users.ListUsers(metadata.AppendToOutgoingContext(ctx, "request-id", "4711"), &pb.ListUsersRequest{})
	if err != nil {
		return "", err
	}
	var names []string
	for {
		user, err := call.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", err
		}
		names = append(names, user.Name)
	}
	id := strings.Join(call.Trailer().Get("request-id"), ", ")
	return fmt.Sprintf("ListUsers: %s; request-id %s came back", strings.Join(names, ", "), id), nil
}

func lookUp(users pb.UserServiceClient) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	call, err := users.LookUp(ctx)
	if err != nil {
		return "", err
	}
	var found []string
	for _, id := range []string{"ada", "eve", "cid"} {
		if err := call.Send(&pb.UserRequest{UserId: id}); err != nil && err != io.EOF {
			return "", err
		}
		answer, err := call.Recv()
		if err != nil {
			return "", err
		}
		if answer.User == nil {
			found = append(found, answer.UserId+" is nobody")
		} else {
			found = append(found, fmt.Sprintf("%s is %d", answer.UserId, answer.User.Age))
		}
	}
	if err := call.CloseSend(); err != nil {
		return "", err
	}
	if _, err := call.Recv(); err != io.EOF {
		return "", fmt.Errorf("the call did not end: %v", err)
	}
	return "LookUp: " + strings.Join(found, ", "), nil
}

func follow(users pb.UserServiceClient) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	call, err := users.ListUsers(ctx, &pb.ListUsersRequest{Follow: true})
	for err == nil {
		// Users that are there already; it is those who are yet to come that take too long.
		_, err = call.Recv()
	}
	if err == io.EOF {
		return "ListUsers: the end", nil
	}
	if status.Code(err) != codes.DeadlineExceeded {
		return "", err
	}
	return "ListUsers: DEADLINE_EXCEEDED while it followed", nil
}
