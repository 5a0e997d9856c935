#!/bin/sh
# boot.sh FOLDER PROGRAMS  becomes the first process of a machine in namespaces of its own: this machine's root below an overlay that
# is forgotten when it ends, FOLDER as it is with PROGRAMS in it, and systemd. What is to outlive a boot is in FOLDER.
set -e
folder=$1 programs=$2
mount --make-rprivate /
over=$folder/machine/overlay units=$folder/machine/units
mkdir -p "$over" "$units"
mount -t tmpfs tmpfs "$over"
mkdir "$over/upper" "$over/work" "$over/root"
root=$over/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$over/upper,workdir=$over/work" "$root"
mount --bind "$folder" "$root$folder"
mkdir -p "$folder/programs"
mount --bind "$programs" "$root$folder/programs"
mount -t tmpfs tmpfs "$root/run"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/dev"
mkdir "$root/dev/shm" "$root/dev/pts"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s pts/ptmx "$root/dev/ptmx"
touch "$root/dev/console"

# Each boot has an id of its own.
cat /proc/sys/kernel/random/uuid > "$over/boot_id"
mount --bind "$over/boot_id" "$root/proc/sys/kernel/random/boot_id"

# Nothing of this machine's is started in the other.
: > "$root/etc/fstab"
echo 0123456789abcdef0123456789abcdef > "$root/etc/machine-id"
for unit in "$root"/lib/systemd/system/sysinit.target.wants/* "$root"/lib/systemd/system/multi-user.target.wants/* "$root"/lib/systemd/system/sockets.target.wants/* "$root"/lib/systemd/system/timers.target.wants/*; do
  case $unit in *.target | *.slice) ;; *) ln -sf /dev/null "$units/${unit##*/}" ;; esac
done
for unit in getty.target systemd-remount-fs.service; do ln -sf /dev/null "$units/$unit"; done
# What units say is for who looks why a test failed.
mkdir -p "$units/service.d"
printf '[Service]\nStandardOutput=append:%s\nStandardError=append:%s\n' "$folder/machine/said" "$folder/machine/said" > "$units/service.d/said.conf"
mount --bind "$units" "$root/etc/systemd/system"

mkdir "$root/before"
cd "$root"
pivot_root . before
umount -l /before
export container=holdfast-test PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec /lib/systemd/systemd --unit=multi-user.target --log-target=console --show-status=no
